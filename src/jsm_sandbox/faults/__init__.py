"""Troubles on order: which calls fail, and how."""
