"""Reads a whole site for the doctor and for provisioning, each part on its own: one that fails hides no other."""
