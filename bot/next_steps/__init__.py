"""What to do first after a talk, matter by matter."""
