"""A desk with a life: seed, stories, people who act by themselves, files of other sites."""
