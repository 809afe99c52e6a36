/**
 * The command line: one class per command, each of which parses, calls and prints. What a command
 * does lives in the package it calls.
 */
package io.paxoslog.cli;
