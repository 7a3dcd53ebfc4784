# The tensors that no gradient changes. DJL lists parameters only; it calls with at least one tensor.
def buffers(self, unused: Tensor) -> List[Tensor]:
    return TENSORS
