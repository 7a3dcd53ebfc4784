# loss = L_distil + metric L_metric of an image alone -> (loss, logits, metric vectors).
def forward(self, images: Tensor, ids: Tensor, known: Tensor, bank: Tensor, bank_ids: Tensor,
            bank_known: Tensor, labels: Tensor, teacher: Tensor, lam: Tensor,
            temperature: Tensor, metric: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
    same = ids.unsqueeze(1) == bank_ids.unsqueeze(0)
    x = self.embed(images)
    v = self.project(x)
    logits = self.classify(x)
    loss = self.distil(logits, labels, teacher, lam, temperature)
    if METRIC:
        loss = loss + self.neighbourhood(v, bank, same, known, bank_known, labels) * metric
    return loss, logits, v.detach()
