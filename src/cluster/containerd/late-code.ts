/** The code of what happens to containers, and in them. */
import { containerLogs, createContainer, processExited, removeContainer, startContainer, stopContainer, updateResources } from './containers.ts';
import { answerReview } from './inside/admission-webhook.ts';
import { attach, exec, followOutput, forget, hear, portForward, sayOn } from './inside/conversations.ts';
import { answerHttp } from './inside/http.ts';
import { addContainerCode } from './late.ts';

addContainerCode({
  createContainer, startContainer, stopContainer, updateResources, processExited, removeContainer, containerLogs, exec, attach, followOutput, portForward, answerReview, answerHttp, sayOn, hear, forget,
});
