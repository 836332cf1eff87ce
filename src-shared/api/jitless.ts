/**
 * Windows may not generate code from strings, and an attempt is reported as a violation of their policy. Import this
 * before making a schema.
 */
import { z } from 'zod';

z.config({ jitless: true });
