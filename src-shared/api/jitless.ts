/** Windows may not make code from strings, and trying it is reported as a breach of their policy. To be imported before a schema is made. */
import { z } from 'zod';

z.config({ jitless: true });
