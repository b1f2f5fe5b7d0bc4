"""Provisioning: which steps complete a site for this configuration, and what is left to people. No I/O."""
