"""The site as it is: people, set-up, requests, and the few ways in which they change."""
