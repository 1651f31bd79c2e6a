"""Registrations and a catalogue -> audits: `audit.engine.examine` does the whole of it."""
