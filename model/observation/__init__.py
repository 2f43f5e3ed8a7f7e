"""Indicators and tables, computed from the state outside the mechanisms."""
