/**
 * What a request of the contract is: its parameters, which are checked at run time, and its answer, which is only
 * typed.
 */
import '../jitless.ts';
import type { z } from 'zod';

export interface Request<Params extends z.ZodType = z.ZodType, Answer = unknown> {
  /** Checks parameters where they enter the service. */
  readonly params: Params;
  readonly answer: AnswerType<Answer>;
}

/** Stands for the type of an answer. Answers are the service's own and are not checked, so it is never looked at. */
export interface AnswerType<Answer> {
  readonly of?: Answer;
}

/** `request(z.object({ traceId }), answer<Columns>())` */
export const answer = <Answer>(): AnswerType<Answer> => ({});

export const request = <Params extends z.ZodType, Answer>(
  params: Params,
  answerType: AnswerType<Answer>,
): Request<Params, Answer> => ({ params, answer: answerType });

export type ParamsOf<One> = One extends Request<infer Params> ? z.infer<Params> : never;
export type AnswerOf<One> = One extends Request<z.ZodType, infer Answer> ? Answer : never;
