"""Outcome measures and physical measurements with their error, plotted over visits."""
