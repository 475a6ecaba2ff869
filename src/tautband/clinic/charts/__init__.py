"""The clinical chart: visits, what the client says, pain drawings, findings, and how alerts were answered."""
