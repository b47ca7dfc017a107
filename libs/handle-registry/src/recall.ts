// Enough for the unknown handles of an org; a storm of different ones does not fill the memory.
const most = 64;

/** Answers given before, until what they were drawn from changes. */
export class Recall<Answer> {
  readonly #answers = new Map<string, Answer>();

  recall(question: string, answer: () => Answer): Answer {
    const known = this.#answers.get(question);
    if (known !== undefined || this.#answers.has(question)) return known as Answer;
    const fresh = answer();
    if (this.#answers.size >= most) this.#answers.clear();
    this.#answers.set(question, fresh);
    return fresh;
  }

  forget(): void {
    if (this.#answers.size > 0) this.#answers.clear();
  }
}
