"""Programs that are not ours, against what we serve and publish."""
