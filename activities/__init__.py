"""Where workflows meet the world."""
