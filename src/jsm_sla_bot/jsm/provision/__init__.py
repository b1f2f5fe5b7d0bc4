"""An administrator's hands: reads how a site is set up, and takes the steps that complete it, one call each."""
