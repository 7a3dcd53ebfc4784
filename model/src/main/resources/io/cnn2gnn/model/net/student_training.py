# loss = L_distil + metric L_metric, the second where the metric learns -> (loss, logits, rows).
def forward(self, images: Tensor, ids: Tensor, known: Tensor, bank: Tensor, bank_ids: Tensor,
            bank_known: Tensor, keep: Tensor, labels: Tensor, teacher: Tensor, lam: Tensor,
            temperature: Tensor, metric: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
    same = ids.unsqueeze(1) == bank_ids.unsqueeze(0)
    x = self.embed(images)
    metrics = bank.narrow(1, 0, PROJECTION)
    logits, v, rows, i, p = self.answer(x, known, metrics, bank, bank_known, same, keep)
    loss = self.distil(logits, labels, teacher, lam, temperature)
    if METRIC:
        loss = loss + self.neighbourhood(v, metrics, same, known, bank_known, labels) * metric
    return loss, logits, rows
