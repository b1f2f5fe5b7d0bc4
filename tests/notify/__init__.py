"""Notices, and the services that bring them."""
