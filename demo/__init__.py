"""The 2024 programme of Hải Phòng as data, and the story that plays it."""
