"""The pages of the diary, and those that anybody may open."""
