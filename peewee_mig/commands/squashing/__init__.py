"""What `squash` is made of: code of several modules in one."""
