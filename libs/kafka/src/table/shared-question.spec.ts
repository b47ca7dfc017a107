import { expect, it } from '@jest/globals';
import { SharedQuestion } from './shared-question.ts';

it('who asks while it is answered shares the next answer, and an error reaches only those who shared it', async () => {
  const answers: PromiseWithResolvers<number>[] = [];
  const question = new SharedQuestion(() => {
    const answer = Promise.withResolvers<number>();
    answers.push(answer);
    return answer.promise;
  });
  const first = question.ask();
  await Promise.resolve();
  const second = [question.ask(), question.ask()];
  expect(answers).toHaveLength(1);
  answers[0]?.reject(new Error('away'));
  await expect(first).rejects.toThrow('away');
  await Promise.resolve();
  expect(answers).toHaveLength(2);
  answers[1]?.resolve(2);
  expect(await Promise.all(second)).toEqual([2, 2]);
});
