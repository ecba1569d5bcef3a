"""Turi Create's SFrame directories, read into columns and written from them."""
