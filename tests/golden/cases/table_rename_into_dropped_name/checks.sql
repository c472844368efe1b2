SELECT text = 'kept' FROM old;
