"""Dispatch takes repair reports, promises an arrival, sends a crew by road and answers for the month."""
