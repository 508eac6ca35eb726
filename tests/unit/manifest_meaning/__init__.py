"""What a manifest means."""
