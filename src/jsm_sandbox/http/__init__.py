"""The site on the wire: routes, limits, authentication, and the control API."""
