"""What all other parts speak of; imports nothing of ours."""
