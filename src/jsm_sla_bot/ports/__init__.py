"""What a pass needs of the world, as protocols and their values."""
