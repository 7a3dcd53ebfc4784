# Tensors that belong together, group by group, for a loop over them.
def METHOD(self) -> List[List[Tensor]]:
    return TENSORS
