"""Audits -> documents and tables."""
