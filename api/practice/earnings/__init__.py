"""What practising earned: points, badges, the weekly goal."""
