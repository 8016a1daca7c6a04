"""What the addon costs, measured side by side in one run. Started by ``./dev bench``."""
