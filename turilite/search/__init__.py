"""Exact nearest-neighbor search on rows of numbers and on sparse rows."""
