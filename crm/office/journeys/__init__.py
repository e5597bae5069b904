"""Journeys in the office: each as the owner's rule with what it gives and brings, and the days ahead."""
