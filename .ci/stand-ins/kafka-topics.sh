#!/bin/bash
exec java -cp '/opt/lib/*' org.apache.kafka.tools.TopicCommand "$@"
