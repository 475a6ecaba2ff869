"""The client's own pages: entering by a link, the next visit, drawing, programme, messages, documents, their data."""
