"""Fuzzing: samples of our own with anything done to them -> every reader, loader and text fact, held to what must always be true."""
