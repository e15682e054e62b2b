"""Laws and official notices as published: read, split by article, kept by version, searched."""
