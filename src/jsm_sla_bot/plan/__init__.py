"""From an assessment to the smallest list of changes: desired state, difference, budget, and every sentence.

Pure, as `sla` is.
"""
