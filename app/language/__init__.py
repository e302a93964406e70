"""Everything that is English."""
