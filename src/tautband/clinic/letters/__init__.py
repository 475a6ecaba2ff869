"""Paper: notes, referral letters, receipts and charts as tagged PDF."""
