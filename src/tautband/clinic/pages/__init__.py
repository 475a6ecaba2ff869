"""What a practice publishes: articles, moderated comments, a newsletter with double opt-in."""
