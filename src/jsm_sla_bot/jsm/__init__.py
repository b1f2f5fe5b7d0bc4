"""The only package that talks to Jira: `site.connect` gives the two ports of a site."""
