"""Practitioners with their training and credentials, found by place, need and technique."""
