"""Photos and documents of a chart: looked into, written anew, and kept sealed beside the database."""
