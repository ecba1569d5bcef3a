"""Columns and what is computed from them: NumPy and pandas, no table."""
