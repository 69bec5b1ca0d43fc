"""Networks and autograd graphs as drawings of boxes and arrows."""
